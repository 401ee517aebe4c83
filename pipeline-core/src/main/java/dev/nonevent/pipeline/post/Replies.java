package dev.nonevent.pipeline.post;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nonevent.pipeline.text.OneLine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What a server's reply means: the rate limits of GitHub, GitLab, Gitea and Slack are told in several ways.
 *
 * @param mask what its words pass before they are cut short
 * @param now when it came
 */
record Replies(UnaryOperator<String> mask, Instant now) {

    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_WORDS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    Answer answer(Response response) {
        if (response.isSuccessful()) {
            return new Answer.Taken();
        }
        int status = response.code();
        String words = words(response);
        if (status == 408 || status == 429 || status >= 500 || isLimit(response, words)) {
            String why = new Answer.Refused(status, words).sentence();
            return new Answer.Later(why, after(response));
        }
        return new Answer.Refused(status, status / 100 == 3 ? "a redirect, which a secret must not follow" : words);
    }

    /** GitHub says 403 for both of its limits; without a header, its second one is only told by its words. */
    private static boolean isLimit(Response response, String words) {
        return response.code() == 403
                && (response.header("Retry-After") != null
                        || "0".equals(response.header("X-RateLimit-Remaining"))
                        || words.toLowerCase(Locale.ROOT).contains("rate limit"));
    }

    private Optional<Duration> after(Response response) {
        return retryAfter(response).or(() -> reset(response)).map(Replies::notNegative);
    }

    private Optional<Duration> retryAfter(Response response) {
        return seconds(response.header("Retry-After"))
                .map(Duration::ofSeconds)
                .or(() -> Optional.ofNullable(response.headers().getDate("Retry-After"))
                        .map(Date::toInstant)
                        .map(at -> Duration.between(now, at)));
    }

    /** Seconds since 1970: {@code X-RateLimit-Reset} of GitHub, {@code RateLimit-Reset} of GitLab. */
    private Optional<Duration> reset(Response response) {
        Optional<Long> at =
                seconds(response.header("X-RateLimit-Reset")).or(() -> seconds(response.header("RateLimit-Reset")));
        boolean empty = response.code() == 429 || "0".equals(response.header("X-RateLimit-Remaining"));
        return at.filter(any -> empty).map(second -> Duration.between(now, Instant.ofEpochSecond(second)));
    }

    private static Optional<Long> seconds(@Nullable String header) {
        return Optional.ofNullable(header)
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,11}"))
                .map(Long::valueOf);
    }

    private static Duration notNegative(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** GitHub, GitLab and Gitea say {@code {"message": …}}, GitLab also {@code {"error": …}}, Slack a bare word. */
    private String words(Response response) {
        try {
            return OneLine.blanked(mask.apply(read(response.peekBody(MOST_BYTES).string())), MOST_WORDS);
        } catch (IOException cut) {
            return "";
        }
    }

    private static String read(String body) {
        try {
            JsonNode document = JSON.readTree(body);
            JsonNode said = document.hasNonNull("message") ? document.path("message") : document.path("error");
            return said.isTextual() ? said.asText() : said.isMissingNode() ? "" : said.toString();
        } catch (JsonProcessingException noJson) {
            return body.stripLeading().startsWith("<") ? "" : body.strip();
        }
    }
}
