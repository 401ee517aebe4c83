package dev.nonevent.pipeline.bluegreen.ledger;

import java.io.FileOutputStream;
import java.io.IOException;

/** Where a record becomes durable. */
@FunctionalInterface
interface RecordSink {

    /** Durable on return. */
    void write(FileOutputStream end, byte[] record) throws IOException;
}
