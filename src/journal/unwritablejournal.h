#pragma once

#include "journal/journal.h"

namespace pilothouse {

/// Stands in where the journal's file could not be opened: every call fails with the reason, so
/// that promotions are refused and a rollback goes on "not recorded".
class UnwritableJournal final : public Journal
{
    Q_OBJECT

public:
    explicit UnwritableJournal(Error why, QObject *parent = nullptr);

    [[nodiscard]] QFuture<Result<Record>> append(const Record &record) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> newest(int limit) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> orphans() override;
    [[nodiscard]] QFuture<Result<ChainState>> verify() override;

private:
    Error m_why;
};

} // namespace pilothouse
