package dev.nonevent.pipeline.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * What has changed between two plans, in sentences for whoever reviews it: {@code gate "security scan" no longer guards
 * "deploy"}. Lines of declarations, which any edit moves, do not count.
 *
 * <pre>{@code
 * PlanDiff diff = PlanDiff.since(Files.readString(Path.of("shop.plan.json")), Plan.of(shop()));
 * assertThat(diff.changes()).isEmpty();
 * }</pre>
 *
 * @param changes a sentence each, in the order of the plans; what guards a deployment comes first
 */
public record PlanDiff(List<String> changes) {

    private static final JsonMapper JSON = new JsonMapper();

    public PlanDiff {
        changes = List.copyOf(changes);
    }

    public static PlanDiff between(Plan before, Plan after) {
        return since(before.json(), after);
    }

    /**
     * @param json what {@link Plan#json} gave earlier, such as a file under version control
     * @throws IllegalArgumentException if that is not the JSON of a plan
     */
    public static PlanDiff since(String json, Plan after) {
        JsonNode old = read(json);
        if (!old.path("pipeline").isTextual()
                || (old.has("steps") && !old.path("steps").isArray())) {
            throw new IllegalArgumentException(
                    "this is not the JSON of a plan: it has no \"pipeline\" and no \"steps\"; make it with plan --format json");
        }
        return new PlanDiff(new PlanComparison(old, read(after.json())).sentences());
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** For people, a line each; {@code nothing has changed} if that is so. */
    public String text() {
        return isEmpty() ? "nothing has changed\n" : String.join("\n", changes) + "\n";
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(
                    "this is not the JSON of a plan: " + wrong.getOriginalMessage() + " in line "
                            + wrong.getLocation().getLineNr(),
                    wrong);
        }
    }
}
