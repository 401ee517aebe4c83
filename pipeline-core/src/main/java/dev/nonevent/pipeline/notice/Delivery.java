package dev.nonevent.pipeline.notice;

import dev.nonevent.pipeline.definition.HookContext;
import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Courier;
import dev.nonevent.pipeline.post.Letter;
import dev.nonevent.pipeline.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The way of one notification to the address that a secret holds. */
record Delivery(HookContext run, Secret address) {

    /** A hook has 30 seconds. */
    private static final Duration WITHIN = Duration.ofSeconds(20);

    /** @throws IOException with a sentence that holds neither the address nor another secret */
    void send(String json, Map<String, String> headers) throws IOException, InterruptedException {
        Letter letter = letter(json);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            letter = letter.header(header.getKey(), header.getValue());
        }
        Answer answer = new Courier(run.time(), run::masked).carry(letter, WITHIN);
        if (!(answer instanceof Answer.Taken)) {
            throw new IOException("what " + address + " holds was not told: it " + answer.sentence() + wayOut(answer));
        }
    }

    private Letter letter(String json) throws IOException {
        try {
            return Letter.to(URI.create(run.reveal(address).strip()), json);
        } catch (IllegalArgumentException unfit) {
            // Without its cause, which quotes the value.
            throw new IOException("secret \"" + address.name() + "\" holds no https:// address");
        }
    }

    private static String wayOut(Answer answer) {
        return answer instanceof Answer.Refused refused && (refused.status() == 404 || refused.status() == 410)
                ? "; the webhook or its channel is gone: make a new one"
                : "";
    }
}
