package dev.nonevent.pipeline.source;

import java.time.Instant;
import java.util.Optional;

/**
 * One commit of one repository.
 *
 * @param branch the branch it was asked for on, without {@code refs/heads/}
 * @param commit 40 hexadecimal digits
 * @param subject the first line of its message, unescaped text from outside
 */
public record Revision(
        String repository, Optional<String> branch, String commit, Instant committedAt, String author, String subject) {

    /** The first seven digits, as people write it. */
    public String shortId() {
        return commit.substring(0, 7);
    }
}
