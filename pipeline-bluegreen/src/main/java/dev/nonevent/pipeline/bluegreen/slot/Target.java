package dev.nonevent.pipeline.bluegreen.slot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where traffic can be pointed: one running deployment, never a bare colour.
 *
 * @param deployment unique for ever, such as {@code shop-17}
 * @param address of its instance
 * @param alsoAt where its instance answers too, if it is several replicas; not written down if there is nothing
 */
public record Target(
        Colour colour,
        String deployment,
        URI address,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<URI> alsoAt) {

    public Target {
        // As it is read from what was written before there were replicas.
        alsoAt = List.copyOf(Objects.requireNonNullElse(alsoAt, List.of()));
    }

    public Target(Colour colour, String deployment, URI address) {
        this(colour, deployment, address, List.of());
    }

    /** All of its replicas, one at least. */
    @JsonIgnore
    public List<URI> addresses() {
        return Stream.concat(Stream.of(address), alsoAt.stream()).toList();
    }
}
