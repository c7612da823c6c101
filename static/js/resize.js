// For pages that hold a figure in an iframe: fits its height to the figure.
