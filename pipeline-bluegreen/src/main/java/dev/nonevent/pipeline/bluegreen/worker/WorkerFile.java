package dev.nonevent.pipeline.bluegreen.worker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The state in a file that is replaced as a whole: whoever reads it reads the one before or the new one. */
final class WorkerFile implements WorkerCallback {

    static final String NAME = "worker-state";

    @Override
    public void tell(Worker worker, WorkerState state) throws IOException {
        Path directory = worker.directory()
                .orElseThrow(() -> new IOException("it runs on a host that has no directory for it;"
                        + " tell it with WorkerSignal.http(\"/worker\") instead"));
        Path next = directory.resolve(NAME + ".next");
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer text = US_ASCII.encode(state + "\n");
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(next, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
