package dev.nonevent.pipeline.artifact;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a tree's list: {@code kind content path}, sorted by path. The digest of a tree is that of its list.
 *
 * @param kind {@code f} file, {@code x} executable file, {@code d} directory, {@code l} symbolic link
 * @param content a file's sha256, a link's target, {@code -} for a directory
 * @param path relative, with slashes
 */
record TreeEntry(char kind, String content, String path) {

    static byte[] list(List<TreeEntry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(TreeEntry::path))
                .map(entry -> entry.kind + " " + escaped(entry.content) + " " + escaped(entry.path) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    static List<TreeEntry> parse(String list) {
        return list.isEmpty()
                ? List.of()
                : List.of(list.split("\n")).stream().map(TreeEntry::entry).toList();
    }

    boolean isFile() {
        return kind == 'f' || kind == 'x';
    }

    boolean isExecutable() {
        return kind == 'x';
    }

    boolean isDirectory() {
        return kind == 'd';
    }

    boolean isLink() {
        return kind == 'l';
    }

    private static TreeEntry entry(String line) {
        String[] words = line.split(" ", 3);
        return new TreeEntry(line.charAt(0), unescaped(words[1]), unescaped(words[2]));
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace(" ", "%20").replace("\n", "%0A");
    }

    private static String unescaped(String text) {
        return text.replace("%0A", "\n").replace("%20", " ").replace("%25", "%");
    }
}
