package dev.nonevent.pipeline.journal;

import java.io.Closeable;
import java.io.IOException;

/** The open end of one journal: where its records become durable. Not safe for use by several threads. */
public interface JournalDisk extends Closeable {

    /** Appends; a process that is killed after this has not lost it. An interrupt of the thread must not cut it short. */
    void write(byte[] record) throws IOException;

    /** Makes durable what was written, and the name of the file; may be called beside {@link #write}. */
    void force() throws IOException;
}
