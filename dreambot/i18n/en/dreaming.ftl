# Where there is no picture to dream upon.
dreaming-no-picture = I found no picture in the last 50 messages here. Attach one with the `image` option, or long-press a message with a picture and choose Apps → { menu-dream-this }.
dreaming-no-picture-blind = I may not read other people's messages here, so I only see pictures that you give me. Attach one with the `image` option, or long-press a message with a picture and choose Apps → { menu-dream-this }.
dreaming-no-picture-here = There is no picture in that message. Choose one that has a picture in it.
dreaming-no-picture-mention = Mention me in a reply to a picture, or with a picture attached, and I will dream it. You may add a layer and an intensity, such as `mixed5 11`.
dreaming-direct-help = Send me a picture and I dream it; words such as `mixed4 9` or `dogs` say how, and /help shows more.
dreaming-direct-no-picture = I see no picture in our last 50 messages. Send me one, with those words if you like.
dreaming-untouchable = That person does not want others to dream their avatar. Choose another one, or your own.

# Options that do not go together.
dreaming-two-starts = A dream can start from only one thing. Leave out the picture, or the other start.
dreaming-out-of-nothing = That recipe starts from noise and uses no picture. Leave the picture out.
dreaming-recipe-alone = A recipe already says everything. Leave out `{ $option }`, or the recipe.
dreaming-guide-again = That recipe uses a second picture, which I do not keep. Attach it as the `guide`.
dreaming-guide-unused = That recipe uses no second picture. Leave out the `guide`.
dreaming-text-unused = Words appear only in a plain dream. Leave out `text`, or use `/dream`.

# Recipes.
dreaming-recipe = Paste this after `/dream recipe:` to dream another picture the same way.
dreaming-no-recipe-text = That is not one of my recipes. `/recipe` gives you one to paste; `layer:mixed5 intensity:11` works, too.
dreaming-no-dream-yet = You have not dreamed anything yet. Try `/dream`.
dreaming-no-link = That is not a link to a message. Long-press the message, choose Copy Message Link, and paste it here.
dreaming-no-result-there = There is no dream of mine in that message.
dreaming-no-recipe-in-file = That file contains no recipe of mine. Use the original file, not a screenshot or an edited copy.

# The form behind “Dream settings…”: a title, five labels (all at most 45 characters), and what stands there until something is chosen.
dreaming-settings = Dream settings
dreaming-layer = Layer: what appears
dreaming-layer-usual = dogs, as usual
dreaming-intensity = Intensity: how deep
dreaming-intensity-usual = 6, in the middle
dreaming-notch = { $notch ->
    [1] 1 · barely there
    [6] 6 · in the middle
    [11] 11 · no way back
   *[other] { $notch }
}
dreaming-preset = Preset: a whole look at once
dreaming-preset-none = none
dreaming-bend = Bend the network's circuits
dreaming-bend-none = not at all
dreaming-mild = at random, mildly
dreaming-middling = at random
dreaming-wild = at random, wildly
dreaming-seed = Seed: a number that repeats a dream
dreaming-seed-chance = random
dreaming-seed-wrong = A seed is a whole number such as 7, not “{ $seed }”.
dreaming-mix = Mix with a second picture
dreaming-mix-picture = The second picture
dreaming-mix-take = What the dream takes of the second picture
dreaming-mix-shapes = shapes: what is seen in it
dreaming-mix-style = style: its strokes and colours

# Looking through the layers.
dreaming-layers = What { $model } dreams
dreaming-layers-pick = Look at one…
dreaming-layers-dream = Dream the newest picture with it
dreaming-layers-back = Back
dreaming-layers-unknown = That page no longer exists. Use `/layers` again.
