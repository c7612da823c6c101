// The script of the site’s own pages.
