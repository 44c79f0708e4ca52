"""Double bind: who is exposed to one regime uses no device or operator that this regime bars, and the reverse.

    no column run[w,a,s,n]   where w has US exposure and a's use is marked as a risk, or s has a listed operator
    no column run[w,a,s,n]   where w is bound by mainland procurement rules and they bar a on the day of n
    no draw of a fund of US origin for a device that US rules mark, what keeps it running, or a site of a listed operator

    no run through a rental  where law on remote access, told what its offer assumes, keeps w from it (rows of `capacity`)

    w  workload   a  accelerator   s  site   n  node

Such a pair is no row but an entry of the ledger; its cost is found by re-solving with the exposure lifted.
`planner.model.placement` and the strings of funds (`budget`) carry it out.
"""
