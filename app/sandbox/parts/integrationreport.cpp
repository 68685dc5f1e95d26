#include "app/sandbox/parts/logform.h"

namespace pilothouse::sandbox {

namespace {

struct Module
{
    const char *name;
    int tests;
};

// In pytest's order; test_search begins with the tests of the repository's own file.
constexpr Module modulesBefore[] = {
    {"test_accesslog", 9}, {"test_accounts", 24},      {"test_api_errors", 19},
    {"test_cache", 14},    {"test_conversations", 38}, {"test_importer", 27},
};
constexpr Module poolModule = {"test_pool", 19};
constexpr Module modulesAfter[] = {{"test_settings", 11}, {"test_tokens", 22}, {"test_words", 18}};
constexpr int furtherSearches = 8;

constexpr const char *verbs[] = {"accepts", "answers", "counts",  "finds",   "forgets", "keeps",
                                 "limits",  "orders",  "refuses", "repeats", "returns", "skips"};
constexpr const char *objects[]
    = {"an_empty_title", "a_long_title",     "two_words", "an_unknown_user",
       "a_deleted_row",  "the_newest_first", "one_page",  "a_slow_answer",
       "umlauts",        "a_second_try",     "a_null",    "many_rows"};

constexpr const char *statements[] = {
    "SELECT id, name, email FROM users WHERE id = %(id)s",
    "INSERT INTO conversations (user_id, title) VALUES (%(user_id)s, %(title)s) RETURNING id",
    "SELECT id, title, created_at FROM conversations WHERE user_id = %(user_id)s ORDER BY id DESC",
    "SELECT count(*) FROM conversations WHERE user_id = %(user_id)s",
    "UPDATE users SET name = %(name)s WHERE id = %(id)s",
    "DELETE FROM conversations WHERE id = %(id)s",
    "SELECT pg_advisory_xact_lock(%(key)s)",
    "SELECT 1",
};

QByteArrayList names(const QString &release)
{
    QByteArrayList result;
    const auto add = [&](const Module &module) {
        for (int i = 0; i < module.tests; ++i)
            result += QByteArray("tests/integration/") + module.name + ".py::test_" + verbs[i % 12]
                      + '_' + objects[(i / 12 * 5 + i * 7) % 12];
    };
    for (const Module &module : modulesBefore)
        add(module);
    const bool knowsOrganizations = release == QLatin1String("b7710fe")
                                    || release == QLatin1String("9f3c2a1")
                                    || release == QLatin1String("c41d77e");
    if (release == QLatin1String("9f3c2a1") || release == QLatin1String("c41d77e"))
        result += "tests/integration/test_organization.py::"
                  "test_new_conversations_carry_their_organization";
    add(poolModule);
    const QByteArray search = "tests/integration/test_search.py::";
    result += search + "test_own_conversations_are_found";
    if (knowsOrganizations)
        result << search + "test_scope_by_org" << search + "test_other_org_hidden";
    add({"test_search", furtherSearches});
    for (const Module &module : modulesAfter)
        add(module);
    return result;
}

QByteArray stamplessTime(Sequence &sequence)
{
    return QByteArray::number(double(20 + sequence.below(900)) / 100, 'f', 2) + "ms";
}

void addCapturedSql(QByteArrayList &lines, Sequence &sequence)
{
    lines << "##[group]captured SQL";
    lines << coloured("34", "BEGIN") + " (implicit)";
    const int count = 20 + sequence.below(32);
    for (int i = 0; i < count; ++i) {
        lines << QByteArray(statements[sequence.below(8)]);
        if (i % 3 == 0)
            lines << coloured("2", "[generated in " + stamplessTime(sequence) + "] {'id': "
                                       + QByteArray::number(1 + sequence.below(2000)) + "}");
    }
    lines << coloured("34", "ROLLBACK") << "##[endgroup]";
}

void addFailure(QByteArrayList &lines, Sequence &sequence)
{
    lines << ""
          << "=================================== FAILURES ==================================="
          << coloured("1;31", "____________________________ test_other_org_hidden "
                              "_____________________________")
          << ""
          << "client = <starlette.testclient.TestClient object at 0x7f" + sequence.hex(10) + ">"
          << "user = User(id=41, name='Iris', organization='north')"
          << "colleague = User(id=42, name='Jonas', organization='north')"
          << "stranger = User(id=77, name='Kaya', organization='south')"
          << ""
          << "    client.post(\"/conversations\", params={\"user\": colleague.id, \"title\": "
             "\"conv-17\"})"
          << "    client.post(\"/conversations\", params={\"user\": stranger.id, \"title\": "
             "\"conv-23\"})"
          << ">   assert titles(client, user, \"conv\") == [\"conv-17\"]"
          << "E       AssertionError: assert ['conv-17', 'conv-23'] == ['conv-17']"
          << "E         Left contains one more item: 'conv-23'"
          << "E         "
          << "E         Full diff:"
          << "E           ["
          << "E               'conv-17',"
          << "E         +     'conv-23',"
          << "E           ]"
          << "" << coloured("1;31", "tests/integration/test_search.py") + ":21: AssertionError"
          << "----------------------------- Captured stdout call -----------------------------"
          << "GET /search?user=41&q=conv 200 2 rows";
}

} // namespace

QByteArrayList integrationReport(const QString &release, Sequence &sequence)
{
    QByteArrayList lines
        = runHeader("poetry run pytest tests/integration/ -v",
                    {"DATABASE_URL: postgresql+psycopg://postgres:***@localhost:5432/context_test",
                     "REDIS_URL: redis://localhost:6379/0"});
    const QByteArrayList tests = names(release);
    const qsizetype count = tests.size();
    lines << "============================= test session starts =============================="
          << "platform linux -- Python 3.11.13, pytest-8.4.2, pluggy-1.6.0"
          << "cachedir: .pytest_cache"
          << "configfile: pyproject.toml"
          << "collected " + QByteArray::number(count) + " items"
          << "";

    const bool red = release == QLatin1String("b7710fe");
    for (qsizetype i = 0; i < count; ++i) {
        const bool failed = red && tests[i].endsWith("test_other_org_hidden");
        const QByteArray share = QByteArray::number((i + 1) * 100 / count).rightJustified(3);
        lines << (tests[i] + (failed ? " FAILED" : " PASSED")).leftJustified(74) + "[" + share
                     + "%]";
        // By the test's name, so that the same test reads alike in two releases.
        Sequence own(tests[i]);
        addCapturedSql(lines, own);
    }
    if (red)
        addFailure(lines, sequence);

    lines << ""
          << coloured("33", "=============================== warnings summary "
                            "===============================")
          << "tests/integration/test_importer.py: 3 warnings"
          << "  DeprecationWarning: datetime.utcnow() is deprecated: use timezone-aware objects"
          << "";
    if (red)
        return lines << "=========================== short test summary info "
                        "============================"
                     << "FAILED tests/integration/test_search.py::test_other_org_hidden - "
                        "AssertionError"
                     << "================== 1 failed, 211 passed, 3 warnings in 38.42s "
                        "=================="
                     << "##[error]Process completed with exit code 1.";
    return lines << coloured("32", "==================== " + QByteArray::number(count)
                                       + " passed, 3 warnings in 37.90s ====================");
}

} // namespace pilothouse::sandbox
