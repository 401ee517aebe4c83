package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.Page;
import dev.nonevent.pipeline.bluegreen.proxy.Side;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The log in which nginx writes one line for each request when it has ended: {@code upstream status seconds.millis}. It is read
 * from where it was left, also after it was renamed to {@code .1}: a file is known by its inode.
 */
final class RequestLog {

    private static final String MARK = "log.";
    private static final int PIECE = 64 * 1024;
    private static final int FAILED = 500;

    private final Path log;
    private final Words words;

    RequestLog(Path log, Words words) {
        this.log = log;
        this.words = words;
    }

    /** What was logged before the first look of all belongs to nobody we know. */
    Page count(Page page, List<Side> sides) {
        boolean first = page.marks().keySet().stream().noneMatch(name -> name.startsWith(MARK));
        Map<String, Side> known = new HashMap<>();
        sides.forEach(side -> known.put(words.upstream(side.target()), side));
        Page counted = page.withoutMarks(MARK).marked(MARK + "seen", 1);
        try {
            for (Path file : files()) {
                String mark = MARK + Files.getAttribute(file, "unix:ino");
                long from = first ? Files.size(file) : page.mark(mark).orElse(0L);
                counted = count(counted, file, Math.min(from, Files.size(file)), mark, known);
            }
            return counted;
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    "the requests cannot be read from " + log + " (" + e + "): let this user read it", e);
        }
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        Path older = log.resolveSibling(log.getFileName() + ".1");
        if (Files.exists(older)) {
            files.add(older);
        }
        if (Files.exists(log)) {
            files.add(log);
        }
        if (files.isEmpty()) {
            throw new TrafficUnknownException("there is no log " + log
                    + ", so nobody knows what users were answered: nginx's access_log must name it");
        }
        return files;
    }

    /** Whole lines only: the rest is left for the next look. */
    private static Page count(Page page, Path file, long from, String mark, Map<String, Side> known)
            throws IOException {
        Page counted = page;
        long done = from;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] piece = new byte[PIECE];
            for (int length = read(in, done, piece); length > 0; length = read(in, done, piece)) {
                counted = count(counted, new String(piece, 0, length, StandardCharsets.ISO_8859_1), known);
                done += length;
            }
        }
        return counted.marked(mark, done);
    }

    /** How many bytes of the piece are whole lines. */
    private static int read(RandomAccessFile in, long from, byte[] piece) throws IOException {
        in.seek(from);
        int length = Math.max(0, in.read(piece));
        while (length > 0 && piece[length - 1] != '\n') {
            length--;
        }
        return length;
    }

    private static Page count(Page page, String lines, Map<String, Side> known) {
        Page counted = page;
        for (String line : lines.split("\n", -1)) {
            String[] word = line.split(" ", -1);
            Side side = word.length == 3 ? known.get(word[0]) : null;
            if (side != null && word[1].matches("\\d{3}") && word[2].matches("\\d{1,12}\\.\\d{3}")) {
                boolean failed = Integer.parseInt(word[1]) >= FAILED;
                Instant at = Instant.ofEpochMilli(Long.parseLong(word[2].replace(".", "")));
                counted = counted.plus(side.target(), 1, failed ? 1 : 0, at);
            }
        }
        return counted;
    }
}
