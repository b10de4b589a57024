# The button under a dream, and what a press is answered with.
gallery-share = Share in the gallery
gallery-withdraw = Withdraw from the gallery
gallery-without-picture = Hide my picture
gallery-shared = Shared. Everyone can now see this dream and its recipe in the gallery on the web, without your name. “{ gallery-withdraw }” removes it, and so does deleting the dream.
gallery-shared-with-picture = The picture that you uploaded is shown beside it. “{ gallery-without-picture }” removes that picture only.
gallery-picture-hidden = The gallery now shows the dream alone.
gallery-withdrawn = Withdrawn. The gallery no longer shows this dream.
gallery-not-there = This dream was no longer in the gallery: it had been removed because it, its picture or its data was deleted, or because it may not be shown any more.
gallery-off = I have no gallery.
gallery-not-yours = Only the person who asked for this dream can share it in the gallery, or withdraw it.
gallery-not-here = Here I would not notice when this dream is deleted, so it cannot be shared. Dream it in a server that I was added to.
gallery-age-restricted = Dreams from age-restricted channels never appear in the gallery.
gallery-spoiler = Dreams that are hidden behind a spoiler never appear in the gallery.
gallery-explicit = Discord has marked this picture as explicit, and such pictures never appear in the gallery.
gallery-begins-with-picture = This begins with the picture itself, which you did not upload here, so it cannot be shared. A still dream of it can.
gallery-sound-of-others = In this one hears a sound that you did not upload here, so it cannot be shared.
gallery-picture-gone = The picture or the sound that this was made from was deleted, so it cannot be shared.
gallery-server-off = The moderators of this server do not want its dreams in the gallery.
gallery-full = The gallery is full at the moment. The people who run me can make room.
gallery-too-many = You have { $most } dreams in the gallery, and that is the most. Withdraw one of them first.
gallery-dashboard-link = The dashboard, for { $hours } hours: { $link }
    Do not pass it on: everyone with this link can see it.

# On the page of /privacy, where there is a gallery.
gallery-privacy = 🌐 The dreams that you shared in the gallery on the web: a copy of each, and of your picture if it is shown beside it. Until you withdraw or delete them.
gallery-privacy-never = -# I keep no names of people and no messages. Your picture leaves its channel only if you share a dream of it in the gallery yourself; a dream can also go into the hall of fame of its server.

# The pages of the gallery.
gallery-title = Dream gallery
gallery-skip = Skip to the content
gallery-nav = Sections
gallery-newest = Newest
gallery-starred = Most stars
gallery-layers = Layers
gallery-presets = Presets
gallery-about = People shared these dreams themselves, in Discord. These pages use no cookies, follow nobody, and load nothing from elsewhere.
gallery-none = Nobody has shared a dream yet. In Discord, press “{ results-more }” under a dream of yours, then “{ gallery-share }”.
gallery-pages = Pages
gallery-page = Page { $page } of { $pages }
gallery-previous = Previous
gallery-next = Next
gallery-moves = ▶ moves
gallery-stars = { $count ->
    [one] 1 star
   *[other] { $count } stars
}
gallery-before = Before
gallery-before-alt = The picture that the dream was made from
gallery-after = The dream
gallery-dream-alt = Dream: { $look }
gallery-slider = Before and after: move to compare
gallery-shared-on = Shared on { $date }
gallery-recipe = Dream this in your server
gallery-recipe-how = Copy the command into a channel that has dreambot.
gallery-recipe-picture = Attach a picture.
gallery-command = Command
gallery-recipe-full = The complete recipe
gallery-recipe-text = For /recipe, and the option recipe of /dream
gallery-copy = Copy
gallery-copied = Copied
gallery-ancestors = Made from
gallery-descendants = Made from this dream
gallery-layers-of = What the layers of { $model } dream
gallery-layers-text = Each picture is the same photo of a cat, dreamed with one layer. Deeper layers come later.
gallery-networks = Networks
gallery-presets-text = Each picture is the same photo of a cat, dreamed with one preset.
gallery-error-not-found = There is nothing here
gallery-error-not-found-text = The dream was withdrawn or deleted, or the address is wrong.
gallery-error-forbidden = This link does not work
gallery-error-forbidden-text = It has expired, or it is incomplete. The bot’s owners get a new one with /admin dashboard.
gallery-error-broken = Something went wrong
gallery-error-broken-text = This page cannot be shown at the moment. Please try again in a minute.
gallery-error-link = See the newest dreams
