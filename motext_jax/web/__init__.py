"""A page on which a library is searched: `page_app` is the server, `page/` the page."""
