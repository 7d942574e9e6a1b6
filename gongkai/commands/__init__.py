"""The commands, a module each: options and words here, the work in the function that it calls."""
