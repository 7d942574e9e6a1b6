"""What somebody else fetched, brought into the archive: scanned and read by workers, filed by one writer."""
