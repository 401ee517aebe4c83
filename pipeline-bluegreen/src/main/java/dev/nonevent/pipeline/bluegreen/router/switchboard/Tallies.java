package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The tallies of the deployments that are known, what users did apart from previews. Not safe for several threads. */
final class Tallies {

    private static final int REMEMBERED = 16;

    private final Map<String, Tally> ofUsers = new LinkedHashMap<>();
    private final Map<String, Tally> ofPreviews = new LinkedHashMap<>();

    Side newSide(Target target) {
        return side(target, ofUsers);
    }

    /** Requests to it are in no count of users, and are drained with them. */
    Side newPreview(Target target) {
        return side(target, ofPreviews);
    }

    List<Counts> counts() {
        return ofUsers.values().stream().map(Tally::counts).toList();
    }

    List<Figures> figures() {
        return ofUsers.values().stream().map(Tally::figures).toList();
    }

    List<Gate> gates(String deployment) {
        return Stream.of(ofUsers, ofPreviews)
                .flatMap(tallies -> Optional.ofNullable(tallies.get(deployment)).stream())
                .flatMap(tally -> tally.gates().stream())
                .toList();
    }

    /** A router that runs for years sees many deployments; it remembers the counts of the last ones. */
    void forgetTheOldest(Predicate<String> isSpared) {
        forgetTheOldest(ofUsers, isSpared);
        forgetTheOldest(ofPreviews, isSpared);
    }

    private static Side side(Target target, Map<String, Tally> tallies) {
        Tally tally = tallies.computeIfAbsent(target.deployment(), name -> new Tally(target));
        return new Side(target, tally.newGate(), tally);
    }

    private static void forgetTheOldest(Map<String, Tally> tallies, Predicate<String> isSpared) {
        for (Map.Entry<String, Tally> known : new ArrayList<>(tallies.entrySet())) {
            if (tallies.size() > REMEMBERED && !known.getValue().busy() && !isSpared.test(known.getKey())) {
                tallies.remove(known.getKey());
            }
        }
    }
}
