#pragma once

#include "journal/journal.h"

namespace pilothouse {

/// Reads a whole journal over a connection of its own that cannot write, so that no append waits
/// for it. Made, used and destroyed in one thread.
class JournalReader final : public QObject
{
public:
    explicit JournalReader(QString path) : m_path(std::move(path)) {}

    /// The chain as it is in the file now; what is appended meanwhile is not looked at.
    [[nodiscard]] Result<ChainState> verify() const;

private:
    QString m_path;
};

} // namespace pilothouse
