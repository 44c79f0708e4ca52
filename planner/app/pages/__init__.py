"""Pages, one a file: `layout` of a state, and the callbacks that `register` adds."""
