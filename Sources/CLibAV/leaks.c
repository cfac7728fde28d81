// Leaks that the address sanitizer (scripts/test --sanitize) does not report. In no other build.
//
// One line each: leak:NAME, where NAME is part of a function, file or library name in the stack of the allocation. Only
// leaks in libraries that are not ours belong here. They are not in a file, since jobs confine themselves
// (--sandbox) before leaks are looked for.

#if defined(__has_feature)
#if __has_feature(address_sanitizer)

const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) {
    return
        // libx265 3.5 (x265_malloc has no frames above it where the library's own stack cannot be unwound):
        // parameters and filters of its frame encoders outlive x265_encoder_close, which libavcodec calls.
        "leak:x265\n"
        // swift-argument-parser: the set of arguments is alive when a usage error ends the process.
        "leak:s14ArgumentParser0A3SetV\n"
        // swift-foundation reading an empty file (Data(contentsOf:)), in the tests' own harness.
        "leak:s20FoundationEssentials17readBytesFromFile\n"
        // The runner of the tests, which ends by exit().
        "leak:libXCTest.so\n";
}

#endif
#endif
