#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"

#include <QByteArray>

namespace pilothouse {

/// Whose file it is.
enum class Strictness {
    Strict,  ///< ours: a duplicate key, `<<`, an unknown tag and an unknown key are errors
    Lenient, ///< others' (workflows, kubeconfig): those are warnings or allowed, reading goes on
};

/// Larger files, deeper nesting and more values (aliases expanded) are refused as errors.
struct YamlLimits
{
    qint64 bytes = 1 << 20;
    int depth = 100;
    qint64 values = 200'000;
};

/// Reads one YAML document in UTF-8. Never throws; what is wrong goes into `problems`.
/// Missing is returned if nothing can be read (then problems has an error). Of duplicate keys the
/// first one stays; a plain `<<` and keys that are no text are left out. Reentrant, any thread.
[[nodiscard]] YamlNode parseYaml(const QByteArray &content, Problems &problems,
                                 Strictness strictness = Strictness::Strict,
                                 const YamlLimits &limits = {});

/// What could be read of a document.
struct ReadableYaml
{
    YamlNode root;
    bool isWhole = true; ///< else an error of `problems` hides what stands below it or there
};

/// The same, but of a document that is wrong somewhere what ended above the error stays. A list or
/// map that was open there keeps its values down to this level (1 = the document's own); a deeper
/// one is left out whole. Nothing stays of what exceeds the limits. Where a byte is no text, U+FFFD
/// stands and reading goes on; UTF-16 is read by its mark.
[[nodiscard]] ReadableYaml parseYamlToError(const QByteArray &content, Problems &problems,
                                            int levels, Strictness strictness = Strictness::Strict,
                                            const YamlLimits &limits = {});

} // namespace pilothouse
