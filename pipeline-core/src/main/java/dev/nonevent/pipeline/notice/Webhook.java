package dev.nonevent.pipeline.notice;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.HookContext;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts a run as a JSON document, version 1: {@code version}, {@code hook}, {@code pipeline}, {@code run},
 * {@code outcome}, {@code sentence}, {@code commit} if it is known, {@code tookMs}, {@code sentAt}, and {@code stages} with
 * {@code name}, {@code outcome} and {@code sentence} each. An outcome is {@code passed}, {@code blocked}, {@code failed},
 * {@code errored}, {@code aborted} or {@code skipped}. A later version may add fields.
 *
 * <p>The header {@code X-Nonevent-Delivery} is the same for each attempt of one notification.
 */
public final class Webhook implements Hook.Action {

    private static final int VERSION = 1;
    private static final String HMAC = "HmacSHA256";

    private final Secret url;
    private final Optional<Secret> key;

    Webhook(Secret url) {
        this(url, Optional.empty());
    }

    private Webhook(Secret url, Optional<Secret> key) {
        this.url = url;
        this.key = key;
    }

    /**
     * With {@code X-Nonevent-Signature: sha256=…}, the HMAC-SHA256 of the body's bytes in hexadecimal, by which a receiver
     * knows who sent it.
     */
    public Webhook signedWith(Secret key) {
        return new Webhook(url, Optional.of(key));
    }

    @Override
    public Set<Secret> secrets() {
        Set<Secret> secrets = new LinkedHashSet<>(Set.of(url));
        key.ifPresent(secrets::add);
        return secrets;
    }

    @Override
    public void after(HookContext run) throws Exception {
        String json = document(run);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Nonevent-Delivery", run.id() + "/" + run.when());
        if (key.isPresent()) {
            headers.put("X-Nonevent-Signature", "sha256=" + signature(json, run.reveal(key.get())));
        }
        new Delivery(run, url).send(json, headers);
    }

    private static String document(HookContext run) throws Exception {
        ObjectNode document = new JsonMapper()
                .createObjectNode()
                .put("version", VERSION)
                .put("hook", run.when())
                .put("pipeline", run.pipeline())
                .put("run", run.id());
        put(document, run.outcome(), run);
        run.commit().ifPresent(commit -> document.put("commit", run.masked(commit)));
        document.put("tookMs", run.took().toMillis())
                .put("sentAt", run.time().now().toString());
        ArrayNode stages = document.putArray("stages");
        run.outcomes().forEach((name, outcome) -> put(stages.addObject().put("name", run.masked(name)), outcome, run));
        return new JsonMapper().writeValueAsString(document);
    }

    private static void put(ObjectNode document, Outcome outcome, HookContext run) {
        document.put("outcome", outcome.word().toLowerCase(Locale.ROOT))
                .put("sentence", run.masked(outcome.sentence()));
    }

    private static String signature(String json, String key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), HMAC));
        return HexFormat.of().formatHex(mac.doFinal(json.getBytes(StandardCharsets.UTF_8)));
    }
}
