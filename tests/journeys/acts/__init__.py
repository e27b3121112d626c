"""The acts of a dispute's life as they are played at the browser, one module for each part of the house."""
