# What moderators settle, and what people are told where something is not allowed.

moderating-blocked-here = You may not dream in this server: its moderators have blocked you. They can undo it with /unblock.
moderating-blocked-everywhere = Whoever runs me has blocked you, so I may not dream for you.
moderating-blocked-server = Whoever runs me has blocked this server, so I dream nothing here.
moderating-not-here = I may not dream in this channel; ask me in { $channels }
moderating-no-pictures = Your roles may not have dreams in this server; a moderator can change that with /settings.
moderating-day-full = { $count ->
    [one] You have had your dream of the day here. There is another { $when }.
   *[other] You have had your { $count } dreams of the day here. There is another { $when }.
}
moderating-queue-full = { $count ->
    [one] You have a dream waiting here, and may have one at a time. Ask again when it is done.
   *[other] You have { $count } dreams waiting here, as many as you may. Ask again when one of them is done.
}
moderating-too-intense = In this server the intensity goes from 1 to { $most }; choose one of those.
moderating-no-films = Your roles may not have films in this server; a picture is fine.
moderating-too-long = { $most ->
    [one] A film may last 1 second here; ask for a shorter one.
   *[other] A film may last { $most } seconds here; ask for a shorter one.
}
