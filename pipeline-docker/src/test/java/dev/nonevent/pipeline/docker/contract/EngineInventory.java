package dev.nonevent.pipeline.docker.contract;

import dev.nonevent.pipeline.docker.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All that an engine has: to be the same before and after. */
public final class EngineInventory {

    private EngineInventory() {}

    /** Containers whatever they do, networks, volumes, and images with a name. */
    public static List<String> of(Engine engine) {
        return with(engine, Map.of(), false);
    }

    /** Those that carry the labels, and of the images also those without a name, which a build leaves for its cache. */
    public static List<String> of(Engine engine, Map<String, String> labels) {
        return with(engine, labels, true);
    }

    private static List<String> with(Engine engine, Map<String, String> labels, boolean unnamedImages) {
        List<String> filter = labels.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        TreeSet<String> all = new TreeSet<>();
        engine.ask(
                        "counting",
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(labels)
                                .exec())
                .forEach(each -> all.add("container " + Arrays.toString(each.getNames()) + " of " + each.getImage()
                        + " " + each.getStatus().replaceAll("\\d.*", "")));
        engine.ask("counting", docker -> {
                    var networks = docker.listNetworksCmd();
                    return filter.isEmpty()
                            ? networks.exec()
                            : networks.withFilter("label", filter).exec();
                })
                .forEach(each -> all.add("network " + each.getName()));
        volumes(engine, filter).forEach(each -> all.add("volume " + each));
        engine.ask(
                        "counting",
                        docker -> docker.listImagesCmd()
                                .withLabelFilter(labels)
                                .withShowAll(unnamedImages)
                                .exec())
                .forEach(each -> names(each.getRepoTags(), each.getId()).forEach(name -> all.add("image " + name)));
        return new ArrayList<>(all);
    }

    private static Stream<String> volumes(Engine engine, List<String> filter) {
        var found = engine.ask("counting", docker -> {
                    var volumes = docker.listVolumesCmd();
                    return filter.isEmpty()
                            ? volumes.exec()
                            : volumes.withFilter("label", filter).exec();
                })
                .getVolumes();
        return found == null ? Stream.of() : found.stream().map(each -> each.getName());
    }

    private static Stream<String> names(String[] tags, String id) {
        return tags == null || tags.length == 0 ? Stream.of(id) : Stream.of(tags);
    }
}
