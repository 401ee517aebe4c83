package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The few lines of a pull that a person wants to read in a log: how much has come, in steps of a quarter, and what it
 * was. One thread at a time.
 */
final class PullProgress {

    private static final long MB = 1_000_000;

    private final Consumer<String> lines;
    private final Map<String, Long> come = new HashMap<>();
    private final Map<String, Long> wanted = new HashMap<>();
    private long quarters;

    PullProgress(Consumer<String> lines) {
        this.lines = lines;
    }

    void take(PullResponseItem item) {
        String status = item.getStatus() == null ? "" : item.getStatus();
        ResponseItem.ProgressDetail detail = item.getProgressDetail();
        if (status.startsWith("Digest: ")) {
            lines.accept(status);
        } else if (item.getId() != null && status.equals("Downloading") && detail != null) {
            if (detail.getTotal() != null && detail.getCurrent() != null) {
                wanted.put(item.getId(), detail.getTotal());
                come.put(item.getId(), detail.getCurrent());
                tell();
            }
        } else if (item.getId() != null && status.equals("Download complete")) {
            come.computeIfPresent(item.getId(), (layer, before) -> wanted.getOrDefault(layer, before));
            tell();
        }
    }

    private void tell() {
        long all = sum(wanted);
        long now = sum(come);
        long reached = all == 0 ? 0 : 4 * now / all;
        // What is wanted grows while layers are found, so the part that has come may shrink.
        if (reached > quarters) {
            quarters = reached;
            lines.accept("downloaded " + (now + MB / 2) / MB + " of " + (all + MB / 2) / MB + " MB");
        }
    }

    private static long sum(Map<String, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
