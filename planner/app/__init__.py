"""The page with sliders: `planner app CASE`.

serve      the server: one port of this machine, headers that keep the page to itself
site       the frame of the page, and which page an address means
state      what an address says, so that a link shows the same again
sliders    what can be moved, each as overrides that `--set` takes too
cases      the case that is served and those that users upload, by the hash of their text
workers    processes that solve: a crash or a cancel ends one of them and never the page; `process` is the life of one, `jobs` how far it is
work/      what a worker does: a plan, a stress test, a comparison, a paper
pages/     what a browser shows, a page a file; `parts` draws figures and tables for all of them
"""
