package dev.nonevent.pipeline.forge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Letter;
import dev.nonevent.pipeline.text.OneLine;
import java.net.URI;
import okhttp3.HttpUrl;

/** One code host: how it is told, and what it means by a refusal. */
interface Forge {

    /** The kind and the project: {@code GitHub acme/shop}. */
    String name();

    /** {@code https://api.github.com}. */
    URI api();

    /** The same project at another address. */
    Forge at(URI other);

    /** {@code acme/shop}. */
    String project();

    Letter letter(Status status, String token);

    /** What to do about it. */
    String wayOut(Answer.Refused refused);

    /** Whether a refusal says that the commit has this status already. */
    default boolean hasIt(Status status, Answer.Refused refused) {
        return false;
    }

    /** The address with these path segments, each of them encoded. */
    static URI address(URI api, String... segments) {
        HttpUrl.Builder address = HttpUrl.get(api.toString()).newBuilder();
        for (String segment : segments) {
            address.addPathSegment(segment);
        }
        return address.build().uri();
    }

    /** The document as GitHub and Gitea want it; GitLab has other words for two of its fields. */
    static String document(Status status, String stateWord, String contextField, int mostDescription) {
        ObjectNode document = new JsonMapper()
                .createObjectNode()
                .put("state", stateWord)
                .put(contextField, status.context())
                .put("description", OneLine.blanked(status.description(), mostDescription - 1));
        status.target().ifPresent(target -> document.put("target_url", target.toString()));
        try {
            return new JsonMapper().writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a document of four texts cannot be written", impossible);
        }
    }
}
