def test_new_conversations_carry_their_organization(client, database, user):
    made = client.post("/conversations", params={"user": user.id, "title": "conv-31"}).json()
    query = "SELECT organization_id FROM conversations WHERE id = %s"
    assert database.execute(query, [made["id"]]).fetchone()[0] == user.organization_id
