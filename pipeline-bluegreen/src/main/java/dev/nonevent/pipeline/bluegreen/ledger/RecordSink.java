package dev.nonevent.pipeline.bluegreen.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Where a record becomes durable. */
@FunctionalInterface
interface RecordSink {

    /** Durable on return. */
    void write(FileChannel channel, byte[] record) throws IOException;
}
