"""Papers for people who decide: sections of words, tables and figures, as HTML, XLSX, Markdown and PDF."""
