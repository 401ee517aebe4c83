package dev.nonevent.pipeline.notice;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.HookContext;
import dev.nonevent.pipeline.secret.Secret;
import java.util.Map;
import java.util.Set;

/** What an incoming webhook of Slack takes. */
record SlackMessage(Secret webhookUrl, Notifications.Text text) implements Hook.Action {

    /** Slack cuts at 40,000 and advises 4,000; an escaped character counts for up to five. */
    private static final int MOST = 3000;

    @Override
    public Set<Secret> secrets() {
        return Set.of(webhookUrl);
    }

    @Override
    public void after(HookContext run) throws Exception {
        // A secret that was cut short would not be found any more.
        String masked = run.masked(text.about(run));
        if (!masked.isBlank()) {
            String json = new JsonMapper().writeValueAsString(Map.of("text", escaped(cut(masked))));
            new Delivery(run, webhookUrl).send(json, Map.of());
        }
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MOST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST)) + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
