"""Book every krone to a payer, to the øre."""
