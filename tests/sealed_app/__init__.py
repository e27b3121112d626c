"""A model of the tests alone: it is in no installed app, so that nothing of it reaches the product's migrations."""
