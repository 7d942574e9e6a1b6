"""Reading captures again from their records, with today's reader, and writing only what comes out otherwise.

`batches` says what is to be read, `reading` reads a batch (on any machine that can see the records), `spooling` keeps
what differs on the disk, `comparing` sums up what would change, `writing` writes it, and `running` does all of it.
"""
