"""What people ask for, however they say it: typed, pasted, chosen, or filled into a form."""
