package dev.nonevent.pipeline.notice;

import dev.nonevent.pipeline.definition.FinishedRun;
import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.secret.Secret;

/**
 * What a hook can tell others about a run that is over.
 *
 * <pre>{@code
 * var webhookUrl = p.secret("slack-webhook");
 * p.onFinish(slack(webhookUrl, run -> run.value(live).map(r -> "live on " + r.colour())
 *         .orElseGet(() -> "not released: " + run.firstProblem())));
 * p.onRollback(webhook(p.secret("pager-url")).signedWith(p.secret("pager-key")));
 * }</pre>
 *
 * <p>The address is a secret: who knows it can post. It is revealed when the hook runs, and is in no message. What is sent
 * holds no secret of the run, whatever a text is made of. A rate limit, a server's own fault and a broken connection are
 * tried again for at most 20 seconds, so that a notification may arrive twice; one that does not arrive is a note of the
 * run, and changes nothing about it.
 */
public final class Notifications {

    private Notifications() {}

    /** Makes the words for a run. */
    @FunctionalInterface
    public interface Text {

        /** Nothing is sent if it is blank. */
        String about(FinishedRun run) throws Exception;
    }

    /**
     * A message by an incoming webhook of Slack, or of what understands the same (Mattermost, Rocket.Chat). Its text is
     * plain: {@code &}, {@code <} and {@code >} are escaped, so it holds no link and calls nobody; longer ones end after
     * 3000 characters.
     *
     * @param webhookUrl the whole {@code https://hooks.slack.com/services/…}
     */
    public static Hook.Action slack(Secret webhookUrl, Text text) {
        return new SlackMessage(webhookUrl, text);
    }

    /**
     * The run as a JSON document, version 1.
     *
     * @param url where it is posted to
     */
    public static Webhook webhook(Secret url) {
        return new Webhook(url);
    }
}
