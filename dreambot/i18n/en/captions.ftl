# Lines that stand over a picture, and fall apart as the dial goes up. A message is a group of captions, one in
# each line; a language can have as many as it likes. Which group fits which dream is settled in captions.py.

# For any dream.
captions-any =
    it was always in there
    the network has seen this before
    look closer, it is looking back
    no one painted this
    the picture blinked first
    sleep is a kind of gradient
    more of whatever this is
    a machine squints at clouds
    please do not feed the pixels
    it remembers you from the training set
    this is your picture on maths
    the original is fine, it is only resting
    I only did what the weights said
    my therapist is a loss function
    technically still your picture
    results may stare
    I was told there would be cats
    no pixels were harmed, some were persuaded
    it looked like that when I found it
    the convolution will see you now
    enhance, they said
    I have seen things, mostly this
    ascending, please hold
    one does not simply undream
    do not look at it before lunch
    I asked the layers, the layers said yes
    this explains a lot
    art, probably
    the camera adds ten layers
    I dreamed this so you do not have to
    sponsored by backpropagation
    have you tried turning it into something else
    somewhere a gradient is very proud
    it gets better if you squint, then worse
    ceci n’est pas your upload
    I hope you were not attached to that
    it was like this in my head
    made with love and floating-point errors
    I saw it in a dream, then I put it in a dream
    the pixels held a vote
    your picture, as told by a stranger at 3 am
    the machine is having a normal day
    interpretation is free of charge
    I connected the dots, all of them
    reality is a local minimum
    please take this home and name it
    the more you look, the more it looks
    you upload, I overreact
    it whispered “more”, so I did more
    pattern recognised, pattern exaggerated
    my eyes are up here, and there, and there
    every picture contains a mistake, I found it
    not a filter, a feeling
    I have notes on your picture, they are in the picture
    found it under the third convolution

# The dial at 1 to 3, and at 9 to 11.
captions-calm =
    a polite hallucination
    just a little dream, as a treat
    barely asleep
    you could almost not notice
    one eye open, if that
    lightly haunted
    the machine is only humming
captions-loud =
    too late to wake up
    this is what the dial is for
    the neighbours can see it
    all gradient, no brakes
    it goes to eleven and waves from there
    your picture has left the building
    I may have overdone it
    the original sends its regards
    no picture left, only vibes
    turn it down, says the wall

# Kinds of dream.
captions-hellscape =
    no exit, only zoom
    further in, it is roomier than it looks
    are we there yet, are we there yet
    it is dreams all the way down
    the floor is also a dream
    keep falling, the seats are comfortable
    next stop, the same but closer
captions-bend =
    I stepped on a cable
    the wires are crossed and like it
    warranty void since layer two
    it is not broken, it is jazz
    someone moved my neurons
    a feature, if you are brave
    unscheduled rewiring
    I licked the battery
captions-summon =
    you called, it came
    out of nothing, and in a hurry
    it has never been photographed, now you know why
    the idea of it, without the it
    summoned, fed and slightly confused
    drawn from memory, and the memory is a machine’s
    it was noise a moment ago
captions-guide =
    it has its parent’s shapes
    two pictures walked into a network
    a family resemblance
    the one picture has been talking to the other
    inspired by true pictures
    more like itself than before
captions-style =
    it borrowed the other one’s brushes
    same scene, other hands
    painted by somebody who was never there
    dressed up as another picture
    new coat, same dream
captions-video =
    it moves, do not make eye contact
    still dreaming, frame after frame
    it does that the whole time
    the loop knows you are watching
    moving, in both senses
    press pause, it will not help

# What is seen: eyes, dogs and so on.
captions-eyes =
    the eyes have it
    be not afraid
    the first eyes open
    the wheels have eyes
    you are being watched, affectionately
    it sees you from all sides
    staring contest, you lost
    they blink when you do not
    an optician’s dream
    eyes on everything, mind on lunch
    keep an eye out, or forty
captions-dogs =
    the dogs have noticed you
    who let the dogs in
    it is dogs again
    every one of them a good boy
    there is always a dog in there
    sit, stay, converge
    some of this is nose
    bark if you can see this
    the dog was in the data all along
    it followed me home from ImageNet
captions-fur =
    fur where no fur should be
    soft, allegedly
    brush before use
    your picture is shedding
    now with a winter coat
    please stroke in the direction of the gradient
    it is moulting season in the matrix
captions-birds =
    a bird, or a dog, or both
    it grew wings and no sense of direction
    feathers first, questions later
    someone left the cage open
    birds of a feather, literally
    it would like a cracker
    light as a feather, heavy on feathers
captions-animals =
    half an animal and half a painting
    someone stirred the zoo
    heads grow where they like
    species, please, one at a time
    Noah packed in a hurry
    none of these are in the book
    it answers to several names
    the petting zoo pets back
    nature, but unsupervised
captions-edges =
    every edge leads here
    drawn with a very nervous ruler
    all outline, no alibi
    it is on edge
    a blueprint of a feeling
    cut along the dotted everything
captions-spirals =
    everything curls in the end
    spirals all the way down
    a little dizzy, thank you
    the wheels on the bus have questions
    round and round, and nowhere
    it was straight before I met it
    stirred, not shaken
captions-maze =
    the maze has no middle
    left, left, left, left
    the minotaur is out for lunch
    you are here, and here
    fingerprint of something large
    leave a trail of pixels
captions-weave =
    woven while you blinked
    hammered into shape
    grandmother would be worried, and proud
    knit one, dream two
    a good thread, never ending
    it will not come out in the wash
    tartan of a clan that was never born
captions-spots =
    beads of something
    connect the dots, release the thing
    it has a rash of ideas
    spotted, all of it
    counted the dots, lost count, started to dream
    the bubbles have opinions
captions-towers =
    planning permission was not asked for
    it grew a skyline
    rooms to let, ask the pixels
    a village where there was a nose
    the architect was asleep, so was I
    mind the steps, they go inwards
captions-garden =
    it is growing leaves
    the garden breathes in
    do not water
    a salad with intentions
    something is about to bloom
    photosynthesis, but make it personal
captions-jumble =
    a bit of everything, an explanation of nothing
    the museum fell over
    all the answers at once
    shaken, stirred, averaged
    the lost-property office dreams
    I could not decide, so I did not

# Looks with a name.
captions-whisper =
    shh, it is nearly something
    only a rumour of eyes
    it said something, very quietly
    a dream with its shoes off
captions-emboss =
    hand-tooled, by no hands
    an excellent saddle
    smells of old books
    leather bound, dream inside
captions-oracle =
    ask it anything
    it has seen the end, and your search history
    one great eye, no small talk
    the answer is yes, and it is staring
    it knew you would post this
    depth perception is overrated
captions-giger =
    in space, everyone can see you
    the ribs are load-bearing
    organic, not certified
    do not name it, it will follow you
    biomechanically yours
captions-porcelain =
    please do not drop
    glazed and amazed
    slippery when dreamed
    straight from the kiln, still blinking
captions-temple =
    take off your shoes
    one more roof, said the roof
    pagodas, where there were none
    a thousand steps, no handrail
captions-storm =
    cloudy, with a chance of everything
    it was struck, twice, gladly
    count the seconds until the thunder
    grounded it is not
captions-totem =
    the ancestors have comments
    stacked, and stacked again
    faces upon faces, all of them yours
    the one at the bottom carries everybody
captions-lotus =
    sorry about the holes
    do not look if you are like that
    it has pores, it has plans
    full of holes, like my argument
captions-agate =
    ten million years in nine seconds
    polished from the inside
    a rock with a rich inner life
    geology happens to other pictures
captions-classic =
    like it is 2015
    the one that started it all
    we all looked like this once
    vintage nightmare, well kept
captions-mosaic =
    some assembly required
    it was whole this morning
    a thousand pieces, no box
    mind the shards
captions-watercolour =
    left out in the rain
    the details have gone for a swim
    washed at sixty
    mostly water by now
captions-sheet =
    pick your poison
    four doors, all of them open inwards
    one of these is already looking at you
    the network could not decide
    choose quickly, they are still growing
