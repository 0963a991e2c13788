"""Help for those who write a case: starters, audits, descriptions, differences."""
