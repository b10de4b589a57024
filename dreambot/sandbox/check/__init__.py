"""Forms checked as Discord checks them: what is wrong comes back by field, as error 50035."""
