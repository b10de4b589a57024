# Buttons, a word or two each: they stand side by side on a phone.
results-cancel = Cancel

# What stands in the way of a press.
results-unknown = I no longer know this dream. If its picture is still there, choose its message's menu: Apps → Dream this.
results-not-now = I cannot look that up at the moment; please try again in a minute.
