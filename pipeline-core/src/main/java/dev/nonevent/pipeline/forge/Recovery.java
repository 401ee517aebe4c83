package dev.nonevent.pipeline.forge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;

/** Tells a forge what others left to be told. One at a time in this process, and one process per note. */
final class Recovery {

    private final Notes notes;
    private final Access access;
    private final ReentrantLock turn = new ReentrantLock();

    /** A run that is about to say the same of itself: nothing older is worth telling. */
    record Successor(String commit, String context) {}

    Recovery(Notes notes, Access access) {
        this.notes = notes;
        this.access = access;
    }

    /** A directory for each forge, project and context, so that no note is sent with the token of another. */
    static Path directory(Path home, Forge forge, Wording wording) {
        String whole = forge.api() + " " + forge.name() + " " + wording.name().orElse("");
        CRC32 sum = new CRC32();
        sum.update(whole.getBytes(StandardCharsets.UTF_8));
        String name = forge.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String key = HexFormat.of().toHexDigits((int) sum.getValue());
        return home.resolve("forge").resolve(name.substring(0, Math.min(60, name.length())) + "-" + key);
    }

    void run(Optional<Successor> successor, Duration within) {
        long until = access.time().nanos() + within.toNanos();
        turn.lock();
        try {
            List<Note> all = notes.all(access.tell());
            for (Note note : all) {
                settle(note, all, successor, until);
            }
        } catch (IOException broken) {
            access.tell()
                    .accept("what killed runs left to be told to "
                            + access.forge().name() + " cannot be read: " + broken);
        } finally {
            turn.unlock();
        }
    }

    private void settle(Note note, List<Note> all, Optional<Successor> successor, long until) throws IOException {
        Optional<AutoCloseable> dead = notes.take(note);
        if (dead.isEmpty()) {
            return;
        }
        try (AutoCloseable lock = dead.get()) {
            if (!notes.isThere(note)) {
                return;
            }
            List<Status> left = new ArrayList<>();
            for (Status status : note.owed()) {
                boolean superseded = successor.stream().anyMatch(run -> status.isAbout(run.commit(), run.context()))
                        || all.stream().anyMatch(later -> isLater(later, note) && tells(later, status));
                if (!superseded && send(status, left, until) == Access.Fate.UNSENT) {
                    left.add(status);
                }
            }
            if (left.isEmpty()) {
                notes.remove(note.run());
            } else {
                notes.write(new Note(note.run(), note.keeper(), left));
            }
        } catch (IOException broken) {
            throw broken;
        } catch (Exception impossible) {
            throw new IOException("the lock of run " + note.run() + " cannot be given back", impossible);
        }
    }

    /** A forge that could not be told one thing is not asked to hear the next, before somebody else's run may begin. */
    private Access.Fate send(Status status, List<Status> left, long until) {
        Duration rest = Duration.ofNanos(until - access.time().nanos());
        return left.isEmpty() && !rest.isNegative() ? access.send(status, rest) : Access.Fate.UNSENT;
    }

    private static boolean isLater(Note one, Note other) {
        return one.run().compareTo(other.run()) > 0;
    }

    private static boolean tells(Note note, Status status) {
        return note.owed().stream().anyMatch(later -> later.isAbout(status.commit(), status.context()));
    }
}
