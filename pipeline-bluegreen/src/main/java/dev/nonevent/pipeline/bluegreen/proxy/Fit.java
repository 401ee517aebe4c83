package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a switcher can do what a routing asks for. */
public final class Fit {

    private Fit() {}

    /** Everything that keeps it from being put up, as sentences. */
    public static List<String> problems(Routing routing, Set<Capability> capabilities) {
        List<String> problems = new ArrayList<>(routing.problems());
        if (routing.active().isEmpty()) {
            problems.add("a routing needs an active target: to send users nowhere, shut the traffic down");
        }
        routing.targets().forEach(target -> problem(target).ifPresent(problems::add));
        needs(routing).stream()
                .filter(need -> !capabilities.contains(need))
                .forEach(need -> problems.add("this switcher cannot do what the routing asks for: " + need));
        return problems;
    }

    private static List<Capability> needs(Routing routing) {
        List<Capability> needs = new ArrayList<>();
        routing.canary().filter(part -> part.percent() > 0).ifPresent(part -> needs.add(Capability.WEIGHTS));
        routing.canary().flatMap(Canary::cookie).ifPresent(cookie -> needs.add(Capability.STICKY));
        routing.canary().flatMap(Canary::header).ifPresent(header -> needs.add(Capability.HEADERS));
        routing.standby().ifPresent(target -> needs.add(Capability.REPLAY));
        routing.preview().ifPresent(target -> needs.add(Capability.PREVIEW));
        if (routing.targets().stream().anyMatch(target -> !target.alsoAt().isEmpty())) {
            needs.add(Capability.REPLICAS);
        }
        Optional<Capability> admission = routing.admission()
                .fold(
                        (Admission.Open open) -> Optional.empty(),
                        held -> Optional.of(Capability.HOLD),
                        stopped -> Optional.of(Capability.STOP));
        admission.ifPresent(needs::add);
        return needs;
    }

    private static Optional<String> problem(Target target) {
        if (target.deployment().isBlank()) {
            return Optional.of("a target needs the name of its deployment, as in shop-17");
        }
        return target.addresses().stream()
                .filter(address -> !isPlain(address))
                .findFirst()
                .map(address -> "traffic cannot be sent to " + address + ": give it http://host:port and nothing more");
    }

    private static boolean isPlain(URI address) {
        String path = address.getRawPath();
        return "http".equalsIgnoreCase(address.getScheme())
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null
                && (path == null || path.isEmpty() || path.equals("/"));
    }
}
