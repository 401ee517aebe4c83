package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where real instances of a numbered service run on a {@link ProvingGround}. A release is its number and, for some, {@code unfit}
 * (its smoke check fails) or {@code failing} (it answers every GET of a user with 500). It answers {@code NUMBER ID} to a request
 * of {@code /ID}, {@code NUMBER} to one of {@code /release}, and writes down the id of every POST.
 *
 * <p>A process of its own finds it again by its class, which has a constructor that takes {@link #word()}.
 */
public interface Premises extends Host<String> {

    /** What another process needs to know of it. */
    String word();

    boolean isOf(Blueprint blueprint, String release, Path home) throws IOException;

    /** It ends at once, and stays ended. */
    void crash(Instance instance) throws IOException, InterruptedException;

    /** The ids that the instances have received with a POST, each as often as it came. */
    List<Integer> posts(Path home) throws IOException, InterruptedException;

    /** The deployments of which anything at all is there, be it alive or not. */
    List<String> remains(String application, Path home) throws IOException, InterruptedException;

    /** Removes whatever is there, and says what cannot be explained. */
    List<String> clear(String application, Path home) throws IOException, InterruptedException;
}
