package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How many requests there have to be for a pass. */
record Least(long requests) {

    List<String> problems() {
        return requests < 1
                ? List.of("the judge's least number of requests is " + requests + "; say 1 or more")
                : List.of();
    }

    /** Why a release that was not failed does not pass either, if so. */
    Optional<String> lackedBy(long release, Sample sample) {
        if (sample.gap().isPresent()) {
            return sample.gap();
        } else if (release < requests) {
            return Optional.of(String.format(
                    Locale.ROOT, "only %,d requests came in, %,d are needed to judge", release, requests));
        }
        return Optional.empty();
    }

    /** The same where the stable release has to have been asked as well. */
    Optional<String> lackedBy(long release, long stable, Sample sample) {
        return lackedBy(release, sample)
                .or(() -> stable >= requests
                        ? Optional.empty()
                        : Optional.of(String.format(
                                Locale.ROOT,
                                "of the stable release only %,d requests are known, %,d are needed to compare",
                                stable,
                                requests)));
    }
}
