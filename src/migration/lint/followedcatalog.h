#pragma once

#include "migration/lint/lintcatalog.h"

namespace pilothouse {

/// A catalog that follows a file: what each statement has made, proved, changed and dropped is
/// known to those behind it, as it is to the server. Without a catalog to begin with it knows what
/// the file itself brings, and of other tables only what the file has done to them. Pure.
class FollowedCatalog
{
public:
    /// `before` may be nullptr, and is not kept.
    explicit FollowedCatalog(const LintCatalog *before);

    /// As the next statement finds it.
    [[nodiscard]] const LintCatalog &now() const { return m_now; }
    /// An act of a statement that has run; what drops an index names its table, where it is known.
    void follow(const SqlAct &act);

private:
    /// An entry for it, made where there is none.
    [[nodiscard]] LintCatalog::Table &table(const SqlName &name);
    void dropTable(const SqlName &name);
    void renameTable(const SqlName &from, const SqlName &to);
    static void create(const SqlAct &act, LintCatalog::Table &table);
    static void change(const SqlAct &act, LintCatalog::Table &table);

    LintCatalog m_now;
    std::optional<LintCatalog> m_begun; ///< before the transaction that is open
};

} // namespace pilothouse
