# Buttons, a word or two each: they stand side by side on a phone.
results-cancel = Cancel
results-deeper = Deeper
results-louder = Louder
results-quieter = Quieter
results-layer = Layer…
results-again = Again
results-bend = Bend
results-zoom = Zoom video
results-compare = Compare
results-undo = Undo

# What a press is answered with.
results-layer-choose = The same picture, seen by another layer:
results-layer-placeholder = Choose a layer or a look
results-compared = Before and after.
results-compared-alt = { $subject }, and beside it what was dreamed upon it.
results-compared-both = The dream before this one, and this one. Then the picture it began with, and this one.
results-compared-before-alt = The dream before, and beside it what was dreamed of it.
results-show = Show everyone
results-delete-sure = Delete this dream? It cannot be brought back.
results-deleted = Deleted.
results-cancelled-others = Cancelled; I told the one who asked for it.

# What stands in the way of a press.
results-unknown = I no longer know this dream. If its picture is still there, long-press its message and choose Apps → { menu-dream-this }.
results-not-now = I cannot look that up at the moment; please try again in a minute.
results-over = That dream is already over.
results-louder-no-more = It goes to eleven, and this is eleven. { results-deeper } goes further.
results-quieter-no-more = This is as quiet as it gets.
results-source-gone = The picture that this was dreamed upon is no longer there for me to see. { results-deeper }, { results-bend } and { results-zoom } still work: they go on from the dream itself.
results-guide-gone = The guide that this dream looked at is no longer there for me to see. { results-deeper }, { results-bend } and { results-zoom } still work, or use /dream with the guide once more.
results-dream-gone = That dream's picture is no longer there.
results-undo-gone = The dream that this one came from is no longer there, so there is no way back. The other buttons still work.
results-undo-not-yours = Only the one who asked for this dream, or a moderator, can undo it. { results-deeper } and the others are for everybody.
results-compare-nothing = This came out of nothing, so there is nothing to hold beside it.
results-cancel-not-yours = Only the one who asked for this dream, or a moderator, can cancel it.
results-delete-not-yours = Only the one who asked for this dream, the one whose picture it was, or a moderator can delete it.

# /history: a person's dreams, and what one of them came from.
results-history-title = Your dreams here
results-history-none = You have not dreamed here yet. /dream begins.
results-history-page = Page { $page } of { $pages }
results-history-newer = Newer
results-history-older = Older
results-history-choose = Where did one of them come from?
results-history-back = Back
results-history-line = Where it came from
# $look: such as “Dogs, fur”.
results-history-what = { $look }, intensity { $intensity } of 11
results-history-video = Video of { core-seconds }: { $look }
results-history-private = in private
results-history-by = by { $button }
results-history-upon = upon { $subject }
results-history-nothing = out of nothing
results-history-not-yours = That is not a dream of yours.

# Asked under a dream whose picture somebody deleted.
results-withdrawn = { $count ->
    [one] The picture that this was dreamed upon was deleted. Shall the dream go, too?
   *[other] The picture that this was dreamed upon was deleted. Shall its { $count } dreams go, too?
}
results-withdrawn-delete = Delete
results-withdrawn-keep = Keep
results-withdrawn-not-yours = Only the one whose picture it was, the one who asked for the dream, or a moderator can decide that.
results-withdrawn-cannot = I may no longer delete my messages here; a moderator can.
