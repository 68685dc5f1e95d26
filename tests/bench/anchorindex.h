#pragma once

#include <QString>

#include <array>

namespace pilothouse::bench {

/// The anchor of the index: two threads read half of a file each, 256 KiB at a time, and write the
/// place of every line into memory that the system hands out page by page. Files below 4 GiB.
/// The memory is given back by the destructor, which is not what is measured. Its source is
/// compiled for speed whatever the rest of the build is (see CMakeLists.txt): it stands for what
/// the machine can do.
class AnchorIndex
{
public:
    explicit AnchorIndex(const QString &path);
    ~AnchorIndex();
    AnchorIndex(const AnchorIndex &) = delete;
    AnchorIndex &operator=(const AnchorIndex &) = delete;

    [[nodiscard]] qint64 newlines() const { return m_halves[0].found + m_halves[1].found; }

private:
    struct Half
    {
        void *memory = nullptr;
        size_t room = 0;
        qint64 found = 0;
    };

    std::array<Half, 2> m_halves;
};

} // namespace pilothouse::bench
