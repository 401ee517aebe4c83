package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Courier;
import dev.nonevent.pipeline.secret.Masking;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A forge with the token for it. The token is looked up for each status, and nowhere kept.
 *
 * @param tell where a sentence for people goes when a status could not be sent
 */
record Access(Forge forge, Secret token, SecretSource secrets, TimeSource time, Consumer<? super String> tell) {

    /** How far a status came. */
    enum Fate {
        SENT,
        /** It will never be taken. */
        REFUSED,
        /** Another time, perhaps. */
        UNSENT
    }

    /** Sends it, or says why not. An interrupt ends it, and stays. */
    Fate send(Status status, Duration within) {
        Optional<String> value;
        try {
            value = secrets.find(token).filter(text -> !text.isBlank());
        } catch (RuntimeException unreadable) {
            return unsent(status, String.valueOf(unreadable.getMessage()));
        }
        if (value.isEmpty()) {
            return unsent(status, "secret \"" + token.name() + "\" is missing: looked in " + secrets.whereFor(token));
        }
        try {
            return send(status, value.get().strip(), within);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return unsent(status, "interrupted");
        } catch (IllegalArgumentException unfit) {
            // A value too short to be masked, or one that fits into no header; the message would quote the latter.
            return unsent(status, "secret \"" + token.name() + "\" holds no token of " + forge.name());
        }
    }

    private Fate send(Status status, String value, Duration within) throws InterruptedException {
        Masking masking = Masking.of(Map.of(token, value));
        Status clean = new Status(
                status.commit(), status.context(), status.state(), masking.mask(status.description()), status.target());
        Answer answer = new Courier(time, masking::mask).carry(forge.letter(clean, value), within);
        if (answer instanceof Answer.Taken) {
            return Fate.SENT;
        } else if (answer instanceof Answer.Refused refused) {
            return forge.hasIt(status, refused) ? Fate.SENT : refused(status, refused);
        }
        return unsent(status, "it " + answer.sentence());
    }

    private Fate refused(Status status, Answer.Refused refused) {
        say(status, "it " + refused.sentence() + "; " + forge.wayOut(refused));
        return Fate.REFUSED;
    }

    private Fate unsent(Status status, String why) {
        say(status, why);
        return Fate.UNSENT;
    }

    private void say(Status status, String why) {
        tell.accept(forge.name() + " was not told that " + status.commit().substring(0, 7) + " is "
                + GitHub.word(status.state()) + " for " + status.context() + ": " + why);
    }
}
