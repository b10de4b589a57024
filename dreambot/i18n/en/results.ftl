# Buttons, a word or two each: they stand side by side on a phone.
results-cancel = Cancel
results-deeper = Deeper
results-louder = Louder
results-quieter = Quieter
results-layer = Layer…
results-pick = One of four
results-again = Again
results-watch = Watch
results-bend = Bend
results-zoom = Zoom video
results-compare = Compare
results-undo = Undo
results-more = More…
results-less = Less

# What a press is answered with.
results-layer-choose = The same picture, seen by another layer:
results-look-placeholder = Choose a layer
results-preset-placeholder = Choose a preset
results-saved-placeholder = Choose a saved look
results-compared = Before and after.
results-compared-alt = { $subject }, and next to it the dream made from it.
results-compared-both = The dream before this one, and this one. Then the picture it began with, and this one.
results-compared-before-alt = The dream before, and next to it the dream made from it.
results-show = Show everyone
results-delete-sure = Delete this dream? It cannot be brought back.
results-deleted = Deleted.
results-cancelled-others = Cancelled. I have told the person who asked for it.

# What stands in the way of a press.
results-unknown = I no longer know this dream. If its picture is still there, long-press its message and choose Apps → { menu-dream-this }.
results-not-now = I cannot look that up at the moment; please try again in a minute.
results-over = That dream is already over.
results-louder-no-more = It goes to eleven, and this is eleven. { results-deeper } goes further.
results-quieter-no-more = This is as quiet as it gets.
results-source-gone = The picture that this dream was made from is no longer available. { results-deeper }, { results-bend } and { results-zoom } still work: they go on from the dream itself.
results-guide-gone = The guide of this dream is no longer available. { results-deeper }, { results-bend } and { results-zoom } still work, or use /dream and attach the guide again.
results-sound-gone = The sound of this video is no longer available. { results-deeper }, { results-bend } and { results-zoom } still work, or use /hellscape and attach the sound again.
results-dream-gone = That dream's picture is no longer available.
results-undo-gone = The dream that this one was made from is no longer available, so it cannot be undone. The other buttons still work.
results-undo-not-yours = Only the person who asked for this dream, or a moderator, can undo it. { results-deeper } and the other buttons are for everyone.
results-compare-nothing = This dream was made from noise, so there is no picture to compare it with.
results-cancel-not-yours = Only the person who asked for this dream, or a moderator, can cancel it.
results-delete-not-yours = Only the person who asked for this dream, the owner of the picture, or a moderator can delete it.

# /history: a person's dreams, and what one of them came from.
results-history-title = Your dreams here
results-history-none = You have not dreamed here yet. /dream begins.
results-history-page = Page { $page } of { $pages }
results-history-newer = Newer
results-history-older = Older
results-history-choose = See what one of them was made from
results-history-back = Back
results-history-line = What it was made from
# $look: such as “Dogs, fur”.
results-history-what = { $look }, intensity { $intensity } of 11
results-history-video = Video of { core-seconds }: { $look }
results-history-private = in private
results-history-by = by { $button }
results-history-upon = of { $subject }
results-history-nothing = from noise
results-history-not-yours = That dream is not yours.

# Asked under a dream whose picture somebody deleted.
results-withdrawn = { $count ->
    [one] The picture that this dream was made from was deleted. Delete the dream, too?
   *[other] The picture was deleted. Delete the { $count } dreams that were made from it, too?
}
results-withdrawn-delete = Delete
results-withdrawn-keep = Keep
results-withdrawn-not-yours = Only the owner of the picture, the person who asked for the dream, or a moderator can decide that.
results-withdrawn-cannot = I may no longer delete my messages here; a moderator can.
