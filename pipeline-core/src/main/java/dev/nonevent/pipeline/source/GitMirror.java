package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.work.StageContext;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/**
 * A bare copy of a remote repository under the run's home, brought up to date branch by branch. Several runs and processes
 * may use it at once: objects are added by renaming whole files, and the refs are only hints for the next fetch.
 */
final class GitMirror {

    private static final int ATTEMPTS = 3;
    private static final int SILENCE_SECONDS = 30;
    private static final String HEADS = "refs/heads/";

    private final Address address;
    private final StageContext context;
    private final Path directory;

    GitMirror(Address address, StageContext context) {
        this.address = address;
        this.context = context;
        this.directory = context.home().resolve("git").resolve(digest(address.text()));
    }

    /** The mirror, made if it is not there. */
    Repository repository() throws IOException {
        if (!Files.isDirectory(directory)) {
            create();
        }
        return new RepositoryBuilder()
                .setGitDir(directory.toFile())
                .setBare()
                .setMustExist(true)
                .build();
    }

    /** Made aside and renamed, so that nobody meets half a repository. */
    private void create() throws IOException {
        Files.createDirectories(directory.getParent());
        Path aside = Files.createTempDirectory(directory.getParent(), directory.getFileName() + ".new");
        try (Repository fresh =
                new RepositoryBuilder().setGitDir(aside.toFile()).setBare().build()) {
            fresh.create(true);
            StoredConfig config = fresh.getConfig();
            config.setInt("gc", null, "auto", 0);
            config.save();
        }
        try {
            Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
            delete(aside);
        }
    }

    /**
     * Makes sure that everything the branch needs is in the mirror.
     *
     * @return the commit the branch points to now
     * @throws IllegalArgumentException if there is no such branch
     * @throws InfrastructureException if the repository cannot be asked
     */
    ObjectId fetch(Repository mirror, Branch branch) throws Exception {
        Retry retry = Retry.of(
                "fetch",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(200, 2.0))
                        .retryOnException(GitMirror::mayPass)
                        .build());
        retry.getEventPublisher()
                .onRetry(event -> context.log("fetching " + address.text() + " failed, trying again: "
                        + Optional.ofNullable(event.getLastThrowable())
                                .map(Throwable::getMessage)
                                .orElse("no reason given")));
        try {
            return Retry.decorateCallable(retry, () -> fetchOnce(mirror, branch))
                    .call();
        } catch (TransportException refused) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("stopped during the fetch").initCause(refused);
            }
            throw sentence(refused);
        }
    }

    private ObjectId fetchOnce(Repository mirror, Branch branch) throws Exception {
        try (Transport transport = Transport.open(mirror, new URIish(address.text()))) {
            transport.setTimeout(SILENCE_SECONDS);
            if (transport instanceof SshTransport overSsh) {
                overSsh.setSshSessionFactory(new MachineSsh());
            }
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setCheckFetchedObjects(true);
            ObjectId tip = tip(transport, branch);
            if (!mirror.getObjectDatabase().has(tip)) {
                RefSpec wish = new RefSpec("+" + branch.ref() + ":" + branch.ref());
                Ref got = transport.fetch(interruptible(), List.of(wish)).getAdvertisedRef(branch.ref());
                // The branch may have moved on between the two questions.
                tip = got == null ? tip : got.getObjectId();
            }
            return tip;
        }
    }

    private ObjectId tip(Transport transport, Branch branch) throws IOException {
        try (FetchConnection connection = transport.openFetch(List.of(new RefSpec(HEADS + "*:" + HEADS + "*")))) {
            Ref ref = connection.getRef(branch.ref());
            if (ref == null || ref.getObjectId() == null) {
                throw unknown(branch, connection.getRefs());
            }
            return ref.getObjectId();
        }
    }

    private IllegalArgumentException unknown(Branch branch, Collection<Ref> refs) {
        List<String> names = refs.stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(HEADS))
                .map(name -> name.substring(HEADS.length()))
                .toList();
        return new IllegalArgumentException(
                "repository " + address.text() + " has no branch " + branch.name() + ": " + branch.among(names));
    }

    private static ProgressMonitor interruptible() {
        return new EmptyProgressMonitor() {
            @Override
            public boolean isCancelled() {
                return Thread.currentThread().isInterrupted();
            }
        };
    }

    /** The network, not the repository's answer: trying again may help. */
    private static boolean mayPass(Throwable problem) {
        if (!(problem instanceof TransportException) || Thread.currentThread().isInterrupted()) {
            return false;
        }
        for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
            // Two fetches of the same pack at once meet over its name.
            if (cause instanceof LockFailedException
                    || cause instanceof SocketException
                    || cause instanceof UnknownHostException
                    || cause instanceof InterruptedIOException
                    || cause instanceof EOFException) {
                return true;
            }
        }
        return String.valueOf(problem.getMessage()).matches("(?s).*: 50[0234]\\b.*");
    }

    private InfrastructureException sentence(TransportException refused) {
        String said = String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
        if (address.text().startsWith("ssh:")) {
            return new InfrastructureException(
                    "repository " + address.text() + " cannot be read through this machine's ssh: "
                            + Branch.line(said(refused)) + "; try: git ls-remote "
                            + address.text(),
                    refused);
        } else if (refused instanceof NoRemoteRepositoryException || said.contains("not found")) {
            return new InfrastructureException(
                    "no git repository at " + address.text() + ", or none that it shows without a login", refused);
        } else if (said.contains("auth") || said.contains("not permitted")) {
            return new InfrastructureException(
                    "repository " + address.text()
                            + " asks for a login; use ssh:// with a key this machine's ssh knows",
                    refused);
        }
        return new InfrastructureException(
                "repository " + address.text() + " cannot be reached: " + root(refused), refused);
    }

    private static String said(TransportException refused) {
        return String.valueOf(refused.getMessage()).strip().replaceAll("\\s+", " ");
    }

    private static String root(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return Branch.line(String.valueOf(cause.getMessage()));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java has no SHA-256", impossible);
        }
    }
}
