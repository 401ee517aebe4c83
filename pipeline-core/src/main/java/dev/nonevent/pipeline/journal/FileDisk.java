package dev.nonevent.pipeline.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of this machine. Records are written by a stream, which an interrupt does not close; it is forced by a channel,
 * which does without the times of the file, on a thread that nobody interrupts.
 */
final class FileDisk implements JournalDisk {

    private final FileOutputStream end;

    /** The directories whose entries lead to the file, until they have been forced. Owned by the thread that forces. */
    private final List<FileChannel> way = new ArrayList<>();

    FileDisk(Path file) throws IOException {
        this.end = new FileOutputStream(file.toFile(), true);
        try {
            Path run = file.resolveSibling(".").normalize();
            for (Path directory : List.of(run, run.resolveSibling(".").normalize())) {
                // Where directories cannot be opened (Windows) the system sees to it.
                if (Files.getFileAttributeView(directory, PosixFileAttributeView.class) != null) {
                    way.add(FileChannel.open(directory, StandardOpenOption.READ));
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void write(byte[] record) throws IOException {
        end.write(record);
    }

    @Override
    public void force() throws IOException {
        end.getChannel().force(false);
        for (FileChannel directory : way) {
            directory.force(true);
        }
        closeWay();
    }

    private void closeWay() throws IOException {
        for (FileChannel directory : way) {
            directory.close();
        }
        way.clear();
    }

    @Override
    public void close() throws IOException {
        closeWay();
        end.close();
    }
}
