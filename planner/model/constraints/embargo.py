"""Embargo: nothing arrives whose shipment a control denies.

    no column order[o,s,n]   where law denies the shipment of o to s in every branch below n
    no arrival in a branch   where law denies it there; the deposit is lost
    no column rent[o,s,n]    where law denies the remote access on the order date of n

    o  offer   s  site   n  node        the date that counts is the day of shipment: order + lead time - transit

A denied pair is no row but an entry of the ledger, with its rule; what lifting the rule would save is found by
re-solving with the columns back (`planner explain CASE embargo`). `planner.model.procurement` carries it out.
"""
