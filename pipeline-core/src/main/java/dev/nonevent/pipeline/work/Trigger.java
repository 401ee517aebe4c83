package dev.nonevent.pipeline.work;

import java.util.Optional;

/**
 * What made the run start, as far as the pipeline may know it.
 *
 * @param kind {@code manual}, {@code push}, …
 * @param repository the repository it speaks of, in the words the source uses; empty: any
 * @param branch without {@code refs/heads/}
 * @param commit 40 hexadecimal digits; a source of that repository checks out exactly this commit
 * @param actor who, for records
 */
public record Trigger(
        String kind, Optional<String> repository, Optional<String> branch, Optional<String> commit, String actor) {

    public static Trigger manual() {
        return new Trigger("manual", Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    public Trigger onBranch(String name) {
        return new Trigger(kind, repository, Optional.of(name), commit, actor);
    }
}
